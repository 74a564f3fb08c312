import { SIGN_IN_KINDS } from './faults/kinds-control.ts';
import { tryEach } from './faults/try-each.ts';

tryEach('sign-in', SIGN_IN_KINDS);
