/** A program for the tests of provider probes: it does what a bad driver does, as the pack's folder says. */
process.once('message', (request: { pack: { directory: string } }) => {
  if (request.pack.directory === 'crash') {
    console.error('driver: invalid memory access');
    process.kill(process.pid, 'SIGSEGV');
  }
  if (request.pack.directory === 'exit') process.exit(7);
  if (request.pack.directory === 'hang') for (;;) Math.sqrt(2);
});
