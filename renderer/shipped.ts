/** The packages of others that are in this program, or in parts of it. */
export type ShippedPackage = { readonly name: string; readonly version: string; readonly licence?: string };

/** What the build says of itself (build/shipped.ts). */
declare const BIRTHMARK_SHIPPED: { readonly licence: string; readonly packages: readonly ShippedPackage[] };

export const shipped = () => BIRTHMARK_SHIPPED;
