import * as z from 'zod/mini';

// Imported before anything that makes a schema: zod would otherwise try `new Function`, which the content security
// policy of these pages refuses and reports.
z.config({ jitless: true });
