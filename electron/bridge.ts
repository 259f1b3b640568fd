// The words between preload and main.

/** Here is a page's port. */
export const connectWord = 'birthmark:connect';

/** The page tells the window something of itself (contract/desktop.ts, `wordSchema`). */
export const tellWord = 'birthmark:tell';
