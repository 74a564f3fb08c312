/** Containers, secrets, SAS, artifacts and blobs that are not as a transfer needs them. */
import { CONTENT_CASES } from './diagnosis/cases-contents.ts';
import { STORAGE_CASES } from './diagnosis/cases-storage.ts';
import { findEach } from './diagnosis/find-each.ts';

findEach([...STORAGE_CASES, ...CONTENT_CASES]);
