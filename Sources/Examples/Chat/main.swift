import Logging
import Neffos
import NeffosFeed
import NeffosTerminalConsole

// A chat: whoever is in a room gets what is said there. Clients connect with neffos.js, or another neffos client, to
// ws://127.0.0.1:8080/echo; the server puts them into the namespace "default" and its room "lobby".
var handlers = EventHandlers()
handlers.on("chat", in: "default") { connection, message in
    connection.connection.broadcast(message)
    return .none
}
handlers.on(.roomJoined, in: "default") { connection, _ in
    connection.broadcast("notify", to: connection.room, "\(connection.connection.key ?? "somebody") is here")
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
