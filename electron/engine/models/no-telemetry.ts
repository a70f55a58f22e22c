/**
 * Keeps ONNX Runtime to itself. Since 1.29 its official builds report every session to their makers (names and hashes of
 * models, a lasting id of the machine), unless this variable is set when the runtime starts. It reads the environment of
 * the process, which only the main thread can change: whatever starts a thread or a process with the runtime in it
 * imports this file, and so does what loads the runtime, before it does.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
