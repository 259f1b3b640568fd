/** The one word between preload and main: here is a page's port. */
export const connectWord = 'birthmark:connect';
