import type { TeeMessage } from './tee-message.ts';

/** How long a redirect is held for its body, in milliseconds: most bodies of redirects come with their heads. */
const maxHoldMs = 50;

/** Calls back once the body of a redirect was received, so that it can be stored; without it when that takes long. */
export function holdRedirect(tee: TeeMessage, callback: () => void): void {
  let isHeld = true;
  const letGo = (): void => {
    if (!isHeld) return;
    isHeld = false;
    clearTimeout(timer);
    callback();
  };
  const timer = setTimeout(letGo, maxHoldMs).unref();
  tee.whenBuffered(letGo);
}
