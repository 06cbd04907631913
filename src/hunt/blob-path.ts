/**
 * Which paths a BlobStore takes. Every store asks here first, so what one refuses all refuse, and no path can leave a store's folder.
 * Segments that end in a dot are out with `.` and `..`: Blob Storage advises against them.
 * https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
 */

const SEGMENT = /^[A-Za-z0-9._-]*[A-Za-z0-9_-]$/;

/** Blob Storage's own limit. */
const MAX_PATH = 1024;

/** File systems take names of 255 bytes; the rest is room for a store's own marks. */
const MAX_SEGMENT = 200;

/**
 * `/`-separated segments of A-Z a-z 0-9 . _ - that are not empty and do not end in a dot; 1 to 200 characters a segment, 1,024 in all.
 * Throws RangeError on any other path.
 */
export function assertBlobPath(path: string): void {
  const whole = path.length <= MAX_PATH && path.split('/').every((segment) => segment.length <= MAX_SEGMENT && SEGMENT.test(segment));
  if (!whole) throw new RangeError(`${quote(path)} is not a blob path: use segments of A-Z a-z 0-9 . _ - that do not end in a dot`);
}

/** The empty text, or any beginning of a path. Throws RangeError on a text that no path begins with. */
export function assertBlobPrefix(prefix: string): void {
  if (prefix.length < MAX_PATH) assertBlobPath(`${prefix}x`);
  else assertBlobPath(prefix);
}

function quote(path: string): string {
  return JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path);
}
