import fc from 'fast-check';

/** For mutation testing, whose score must not depend on chance. */
fc.configureGlobal({ seed: 9111 });
