import { tryEach } from './faults/try-each.ts';

tryEach('control');
