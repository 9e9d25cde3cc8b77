using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>
/// The three places where AMQPNetLite 2.5.5 is entered by a side door. The package version is pinned and the tests of
/// this folder fail if one of the doors moves.
/// </summary>
internal static class LibraryInternals
{
    /// <summary>The library's own lock of a link: credit is read and repaired under it, together with what it guards.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ThisLock")]
    public static extern object Gate(Link link);

    /// <summary>The credit a sending link believes it has; see <see cref="LinkCredit"/> for why it needs repair.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "credit")]
    public static extern ref uint Credit(ListenerLink link);

    /// <summary>
    /// The only way to give a link its endpoint without ContainerHost, which refuses a link name that another
    /// connection of the same container uses and decodes every message whole.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern AttachContext NewAttach(ListenerLink link, Attach attach);
}
