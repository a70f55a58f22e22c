/**
 * Numbers as SQLite keeps them: little-endian bytes. Every processor that the app runs on is little-endian, so a blob
 * is the array's own memory.
 */

/** The bytes of a float array, without a copy. */
export function bytesOf(array: Float32Array | Int8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** Float32 values of a blob: aligned, and of a memory that nobody else has. Copied only where the blob's is not so. */
export function floatsOf(blob: Uint8Array): Float32Array {
  const alone = blob.byteOffset === 0 && blob.byteLength === blob.buffer.byteLength;
  const copy = alone ? blob : new Uint8Array(blob);
  return new Float32Array(copy.buffer, 0, copy.byteLength >> 2);
}

/** Int8 values of a blob, without a copy. */
export function int8Of(blob: Uint8Array): Int8Array {
  return new Int8Array(blob.buffer, blob.byteOffset, blob.byteLength);
}
