/** Something that a test opens when it is time to go on. */
export class Gate {
  #open: () => void = () => undefined;
  /** Resolves once the gate is open. */
  readonly opened: Promise<void> = new Promise((resolve) => {
    this.#open = resolve;
  });

  /** Opens the gate for good. */
  open(): void {
    this.#open();
  }
}
