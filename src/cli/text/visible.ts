/** Controls, invisible and direction-changing characters, line separators, and halves of surrogate pairs. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Text as it is safe to print: what a terminal would obey or hide is written as `\uXXXX`. Stored responses come from
 * strangers. In JSON text, where these stand in strings only, the escapes mean the very same characters.
 */
export function visible(text: string): string {
  return text.replaceAll(unprintable, (character) => {
    let escaped = '';
    for (let at = 0; at < character.length; at++) {
      escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
}
