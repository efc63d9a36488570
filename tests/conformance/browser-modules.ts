/** What a page of the `openai` package's users would bundle. */
export { default as OpenAI } from 'openai';
export { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
