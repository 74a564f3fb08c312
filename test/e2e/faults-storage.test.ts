import { STORAGE_KINDS } from './faults/kinds-data.ts';
import { tryEach } from './faults/try-each.ts';

tryEach('storage', STORAGE_KINDS);
