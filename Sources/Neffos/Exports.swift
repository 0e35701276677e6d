// Whoever embeds `Neffos` handles messages and their bodies: these names come with it.
@_exported public import struct NIOCore.ByteBuffer
@_exported public import struct NeffosWire.CloseCode
@_exported public import struct NeffosWire.Message
@_exported public import struct NeffosWire.WaitToken
