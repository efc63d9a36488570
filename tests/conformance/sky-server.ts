/** The MCP server of these tests: one tool that works, one that fails. */
import { startMcpServer, type TestMcpServer, text } from '../helpers/mcp-server';

export function startSkyServer(): Promise<TestMcpServer> {
  return startMcpServer({
    weather: {
      description: 'The weather in a city',
      readOnly: true,
      run: ({ city }) => text(`It is sunny in ${city}.`),
    },
    break: { description: 'Fails', run: () => ({ ...text('It is broken.'), isError: true }) },
  });
}
