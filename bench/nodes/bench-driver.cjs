/*
 * Two nodes for measuring flows: the driver keeps a number of orders under way, or lets so many a second arrive whether
 * or not others are over, and the end tells it when one is over.
 * The result is answered over HTTP, so the flow runs in a Node-RED of its own.
 */
module.exports = (RED) => {
  const waiting = new Map();

  function BenchDriver(config) {
    RED.nodes.createNode(this, config);
    RED.httpNode.get(`/drive/${config.name}`, (request, response) => {
      const count = Number(request.query.count);
      const callers = Number(request.query.callers);
      const skus = Number(request.query.skus);
      const perSecond = Number(request.query.perSecond ?? 0);
      const going = perSecond
        ? arrive(this, config.name, count, perSecond, skus)
        : drive(this, config.name, count, callers, skus);
      going.then(
        (result) => response.json(result),
        (error) => response.status(500).send(String(error)),
      );
    });
  }

  async function drive(node, run, count, callers, skus) {
    let next = 0;
    let sold = 0;
    const started = performance.now();
    const caller = async () => {
      for (let index = next++; index < count; index = next++) {
        if (await send(node, run, started, index, skus)) sold += 1;
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
    return { perSecond: count / ((performance.now() - started) / 1000), sold };
  }

  /** Milliseconds from the instant an order is due to its end, so that a late start counts too. */
  async function arrive(node, run, count, perSecond, skus) {
    const times = [];
    let sold = 0;
    let index = 0;
    const started = performance.now();
    const under = [];
    while (index < count) {
      const due = Math.min(count, Math.floor(((performance.now() - started) / 1000) * perSecond) + 1);
      for (; index < due; index += 1) {
        const at = started + (index / perSecond) * 1000;
        under.push(
          send(node, run, started, index, skus).then((locked) => {
            times.push(performance.now() - at);
            if (locked) sold += 1;
          }),
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(under);
    const took = (performance.now() - started) / 1000;
    times.sort((a, b) => a - b);
    const part = (share) => times[Math.floor(times.length * share)];
    return { perSecond: count / took, sold, p50: part(0.5), p99: part(0.99), most: times.at(-1) };
  }

  function send(node, run, started, index, skus) {
    const key = `bench/${run}/${started.toFixed(0)}-${index}`;
    const line = { lineId: '1', sku: skus === 1 ? 'SKU-HOT' : `SKU-${index % skus}`, quantity: 1 };
    const over = new Promise((resolve) => waiting.set(key, resolve));
    node.send({ _msgid: key, order: { key }, payload: { lines: [line] } });
    return over;
  }

  function BenchEnd(config) {
    RED.nodes.createNode(this, config);
    this.on('input', (message, _send, done) => {
      const over = waiting.get(message.order.key);
      waiting.delete(message.order.key);
      over(config.sold);
      done();
    });
  }

  RED.nodes.registerType('bench-driver', BenchDriver);
  RED.nodes.registerType('bench-end', BenchEnd);
};
