// Loaded before the app (node --import): moves the process's clock by CLOCK_AHEAD_MS, so that days pass between two starts without a wait.
// Within a process time goes on as it does.
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const RealDate = Date;

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + ahead);
    else super(...args);
  }

  static now() {
    return RealDate.now() + ahead;
  }
};
