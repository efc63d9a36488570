import type { Flow } from '../flow';
import { errorFlows } from './errors';
import { interruptionFlows } from './interruption';
import { itemFlows } from './items';
import { limitFlows } from './limits';
import { mcpFlows } from './mcp';
import { responseFlows } from './responses';
import { sessionFlows } from './sessions';
import { toolFlows } from './tools';
import { turnFlows } from './turns';

/** Every flow of the protocol that has a golden trace. */
export const FLOWS: readonly Flow[] = [
  ...turnFlows,
  ...interruptionFlows,
  ...responseFlows,
  ...toolFlows,
  ...mcpFlows,
  ...itemFlows,
  ...sessionFlows,
  ...errorFlows,
  ...limitFlows,
];
