import { CONTROL_KINDS } from './faults/kinds-control.ts';
import { tryEach } from './faults/try-each.ts';

tryEach('control', CONTROL_KINDS);
