import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { computeChecksums } from './checksums.ts';

/** The check value of CRC-64/NVME, little-endian as on the wire. */
const CHECK = Buffer.from('ae8b14860a799888', 'hex').reverse();
const digits = (): Readable => Readable.from([Buffer.from('1234'), Buffer.from('56789')]);

describe('checksums', () => {
  it('are the requested ones', async () => {
    const both = await computeChecksums(digits(), { md5: 'sent' }, { crc64: true });
    expect(Buffer.from(both.crc64!)).toEqual(CHECK);
    expect(Buffer.from(both.md5!)).toEqual(createHash('md5').update('123456789').digest());
    expect(await computeChecksums(digits(), {}, { md5: false })).toEqual({ md5: undefined, crc64: undefined });
  });
});
