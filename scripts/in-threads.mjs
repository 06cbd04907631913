import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/**
 * Calls a function that a bundle exports, once for each of the arguments: each thread takes the next one when it has done one. The function's
 * second parameter tells this thread something meanwhile. Resolves to the results, in the order of the arguments.
 */
export async function inThreads({ threads, address, name, args, onTold = () => undefined }) {
  const results = [];
  const left = args.entries();
  const thread = (worker) =>
    new Promise((resolve, reject) => {
      const next = () => {
        const { done, value } = left.next();
        if (done) resolve();
        else worker.postMessage(value);
      };
      worker.on('message', ({ told, index, result }) => {
        if (index === undefined) return onTold(told);
        results[index] = result;
        next();
      });
      worker.once('error', reject);
      next();
    });
  const workers = Array.from({ length: Math.min(threads, args.length) }, () => {
    return new Worker(new URL(import.meta.url), { workerData: { inThreads: { address, name } } });
  });
  try {
    await Promise.all(workers.map(thread));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}

if (!isMainThread && workerData?.inThreads !== undefined) {
  const { address, name } = workerData.inThreads;
  const { [name]: work } = await import(address);
  const tell = (told) => parentPort.postMessage({ told });
  parentPort.on('message', async ([index, arg]) => parentPort.postMessage({ index, result: await work(arg, tell) }));
}
