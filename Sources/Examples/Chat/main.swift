import Logging
import Neffos
import NeffosFeed
import NeffosTerminalConsole

// A chat: whoever is in a room gets what is said there. Browsers connect with neffos.js to ws://127.0.0.1:8080/echo.
var handlers = EventHandlers()
handlers.on("chat", in: "default") { connection, message in
    connection.connection.broadcast(message)
    return .none
}
handlers.on(SystemEventName.roomJoined, in: "default") { connection, _ in
    let text = "\(connection.connection.key ?? "somebody") is here"
    connection.connection.broadcast(Message(namespace: "default", room: connection.room, event: "notify", body: ByteBuffer(string: text)))
    return .none
}

var hooks = ServerHooks()
hooks.onConnect = { _ in Welcome(connect: ["default"], join: ["default": ["lobby"]]) }

let logs = ConsoleLogs(held: true)
let feed = EventFeed(node: "chat")
let server = Server(
    configuration: ServerConfiguration(), handlers: handlers, hooks: hooks, feed: feed,
    logger: Logger(label: "chat") { _ in ConsoleLogHandler(target: logs) })

// The console is this one line; without it: try await server.run()
try await TerminalConsole.show(feed, logs: logs) { try await server.run() }
