/**
 * Works on items as they come, on so many of them at once.
 *
 * @throws What the work on one of them threw first, once the others that were begun are done.
 */
export async function inParallel<T>(
  items: AsyncGenerator<T, void, undefined>,
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const workThrough = async (): Promise<void> => {
    // Shared: each item goes to one of them.
    for (;;) {
      const next = await items.next();
      if (next.done === true) return;
      await work(next.value);
    }
  };
  const stopAtFault = async (): Promise<void> => {
    try {
      await workThrough();
    } catch (error) {
      await items.return();
      throw error;
    }
  };
  const workers = Array.from({ length: most }, stopAtFault);
  await Promise.allSettled(workers);
  await Promise.all(workers);
}
