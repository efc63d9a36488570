/** The server as a library: `import { startServer } from 'parley/server'`. See docs/server.md. */
export { createLogger, formatLogEntry, type LogEntry, type Logger, silentLogger } from '../shared/log';
export type { BackendSettings, Backends, Llm, Stt, Tts, Vad } from './backends';
export { createBackends } from './create-backends';
export type { Certificate } from './http/listener';
export { type CertificateRequest, type LocalCertificate, localCertificate } from './http/tls';
export { type RunningServer, type SecureWayIn, type ServerOptions, type Stage, startServer } from './index';
export { DEFAULT_LIMITS, type Limits } from './limits';
export { type TraceEvent, traceToFile } from './trace';
