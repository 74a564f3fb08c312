/** Misconfigured containers, secrets, SAS, artifacts and blobs. */
import { CONTENT_CASES } from './diagnosis/cases-contents.ts';
import { STORAGE_CASES } from './diagnosis/cases-storage.ts';
import { findEach } from './diagnosis/find-each.ts';

findEach([...STORAGE_CASES, ...CONTENT_CASES]);
