/// One frame of a message: its bytes, copied out of (or into) libzmq.
package typealias Frame = [UInt8]
