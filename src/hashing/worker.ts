/** A thread that hashes. It keeps nothing from one order to the next, so any thread can go on with any blob. */
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { openChainedMd5, type ChainedMd5 } from './md5-chain.ts';
import { chainOf, type HashAnswer, type HashOrder } from './order.ts';

function answer(md5: ChainedMd5, order: HashOrder): Uint8Array {
  const { buffer, offset, length } = order.bytes;
  const bytes = new Uint8Array(buffer, offset, length);
  switch (order.kind) {
    case 'md5':
      return createHash('md5').update(bytes).digest();
    case 'link':
      return md5.link(bytes, chainOf(order)).state;
    case 'finish':
      return md5.finish(bytes, chainOf(order));
  }
}

const opened = openChainedMd5();

async function reply(order: HashOrder): Promise<HashAnswer> {
  try {
    return { id: order.id, ok: true, result: answer(await opened, order) };
  } catch (error) {
    return { id: order.id, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (order: HashOrder) => {
  void reply(order).then((result) => parentPort?.postMessage(result));
});
