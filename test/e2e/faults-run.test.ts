import { RUN_KINDS } from './faults/kinds-control.ts';
import { tryEach } from './faults/try-each.ts';

tryEach('run', RUN_KINDS);
