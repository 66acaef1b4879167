/*
 * Two nodes for measuring flows: the driver keeps a number of orders under way, the end tells it when one is over.
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
      drive(this, config.name, count, callers, skus).then(
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
        const key = `bench/${run}/${started.toFixed(0)}-${index}`;
        const line = { lineId: '1', sku: skus === 1 ? 'SKU-HOT' : `SKU-${index % skus}`, quantity: 1 };
        const over = new Promise((resolve) => waiting.set(key, resolve));
        node.send({ _msgid: key, order: { key }, payload: { lines: [line] } });
        if (await over) sold += 1;
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
    return { perSecond: count / ((performance.now() - started) / 1000), sold };
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
