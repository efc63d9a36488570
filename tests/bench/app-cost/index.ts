import { idle } from './idle';
import { start } from './start';

export const parts = [start, idle];
