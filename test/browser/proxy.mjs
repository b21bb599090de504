// A proxy as applications are put behind: it takes a path off the front of every request, sockets included.
import {createServer, request} from "node:http";

export async function startProxy(path, target) {
  const {hostname, port} = new URL(target);
  const options = ({method, headers, url}) => ({hostname, port, method, headers, path: url.slice(path.length) || "/"});
  const inside = url => url === path || url.startsWith(`${path}/`) || url.startsWith(`${path}?`);

  const server = createServer((asked, answer) => {
    if (!inside(asked.url)) { answer.writeHead(404).end(); return; }
    const passed = request(options(asked), given => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });

  server.on("upgrade", (asked, socket) => {
    if (!inside(asked.url)) { socket.destroy(); return; }
    const passed = request(options(asked));
    passed.on("upgrade", (given, far) => {
      const head = Object.entries(given.headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${head}\r\n`);
      far.pipe(socket).pipe(far);
      for (const end of [far, socket]) end.on("error", () => { far.destroy(); socket.destroy(); });
    });
    passed.on("error", () => socket.destroy());
    passed.end();
  });

  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}${path}`,
    stop: () => { server.closeAllConnections(); server.close(); }
  };
}
