import { describe, expect, it } from 'vitest';
import {
  orientationFilters,
  orientationTurn,
  readStillHeader,
} from '../../../electron/engine/media/stills.ts';

/** A JPEG's beginning: EXIF with an orientation and a date, then the frame header of a 640 x 480 picture. */
function jpeg(orientation: number, date: string): Buffer {
  const tiff = Buffer.alloc(80);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(2, 8);
  tiff.writeUInt16LE(0x0112, 10);
  tiff.writeUInt16LE(orientation, 18);
  tiff.writeUInt16LE(0x8769, 22);
  tiff.writeUInt32LE(38, 30);
  tiff.writeUInt16LE(1, 38);
  tiff.writeUInt16LE(0x9003, 40);
  tiff.writeUInt32LE(56, 48);
  tiff.write(date, 56, 'latin1');
  const segment = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(segment.length + 2);
  const frame = Buffer.from('ffc000110801e00280030122000211010311010000', 'hex');
  return Buffer.concat([Buffer.from('ffd8ffe1', 'hex'), length, segment, frame, Buffer.alloc(16)]);
}

describe('headers of stills', () => {
  it('gives size, orientation and date of a photograph', () => {
    expect(readStillHeader(jpeg(6, '2021:07:04 12:30:05'))).toEqual({
      codec: 'mjpeg',
      demuxer: 'jpeg_pipe',
      width: 640,
      height: 480,
      orientation: 6,
      takenAt: '2021-07-04T12:30:05',
    });
  });

  it('takes nonsense for nothing said', () => {
    expect(readStillHeader(jpeg(99, '0000:00:00 00:00:00'))).toMatchObject({ orientation: 1, takenAt: null });
  });

  it('says nothing of bytes that it does not know, and never reads past the end', () => {
    expect(readStillHeader(new Uint8Array(64))).toBeNull();
    const whole = jpeg(6, '2021:07:04 12:30:05');
    for (let length = 0; length < whole.length - 20; length++) {
      expect(() => readStillHeader(whole.subarray(0, length))).not.toThrow();
    }
  });

  it('turns and mirrors by orientation', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(orientationTurn)).toEqual([0, 0, 180, 180, 90, 90, 270, 270]);
    expect(orientationFilters(1)).toEqual([]);
    expect(orientationFilters(6)).toEqual(['transpose=clock']);
  });
});
