/** The word that a misspelt one was most likely meant to be; `undefined` when none is near. */
export function nearestWord(misspelt: string, words: readonly string[]): string | undefined {
  const typed = misspelt.toLowerCase();
  const most = Math.max(1, Math.floor(misspelt.length / 3));
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const word of words) {
    const distance = word.startsWith(typed) && typed !== '' ? 0 : editDistance(typed, word);
    if (distance <= most && distance < (best?.distance ?? Infinity)) best = { word, distance };
  }
  return best?.word;
}

/** Characters to add, drop, change or swap with the next to make one text the other. */
function editDistance(a: string, b: string): number {
  // Words that are no option are not longer than options either.
  if (a.length > 40) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const changed = (last[j - 1] ?? 0) + (isSame ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (beforeLast[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min(changed, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? Infinity;
}
