import { HubError, reasonOf } from '../../errors.ts';
import './messages.ts';

/** Brings an optional package when it is first needed. @throws HubError count.reader-missing */
export async function loadReader<M>(name: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (error) {
    throw new HubError('count.reader-missing', { name, reason: reasonOf(error) }, { cause: error });
  }
}
