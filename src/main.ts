// React renders eight times faster when it knows that nobody is debugging; it asks once, when it is loaded.
process.env['NODE_ENV'] ??= 'production';
const { boot } = await import('./boot.js');
await boot(process.argv[2]);
