export * from '../../src/tools/sink.js';
