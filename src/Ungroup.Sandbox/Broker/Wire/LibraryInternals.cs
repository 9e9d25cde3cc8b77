using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>
/// The eight places where AMQPNetLite 2.5.5 is entered by a side door. The package version is pinned and the tests of
/// this folder fail if one of the doors moves.
/// </summary>
internal static class LibraryInternals
{
    private static readonly FieldInfo DeliveryCount =
        typeof(ListenerLink).GetField("deliveryCount", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingFieldException(nameof(ListenerLink), "deliveryCount");

    private static readonly FieldInfo NextOutgoing =
        typeof(Session).GetField("nextOutgoingId", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingFieldException(nameof(Session), "nextOutgoingId");

    private static readonly FieldInfo Number =
        NextOutgoing.FieldType.GetField("sequenceNumber", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingFieldException(NextOutgoing.FieldType.Name, "sequenceNumber");

    /// <summary>The library's own lock of a link: credit is read and repaired under it, together with what it guards.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ThisLock")]
    public static extern object Gate(Link link);

    /// <summary>The credit a sending link believes it has; see <see cref="LinkCredit"/> for why it needs repair.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "credit")]
    public static extern ref uint Credit(ListenerLink link);

    /// <summary>
    /// A flow that answers a drain. The library writes the link's own fields into it, at the moment it goes out, so they
    /// have to be right before; the arguments are kept equal for whoever reads a trace.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SendFlow")]
    public static extern void SendFlow(Link link, uint deliveryCount, uint credit, bool drain);

    /// <summary>By reflection, for the field's type is a struct of the library's own; a drain is rare enough.</summary>
    [DynamicDependency(".ctor(System.UInt32)", "Amqp.SequenceNumber", "Amqp.Net")]
    public static void SetDeliveryCount(ListenerLink link, uint value) =>
        DeliveryCount.SetValue(link, Activator.CreateInstance(DeliveryCount.FieldType, value));

    /// <summary>How many more transfers a session believes its peer to take; see <see cref="SessionWindow"/>.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "outgoingWindow")]
    public static extern ref uint OutgoingWindow(Session session);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "OnFlow")]
    public static extern void OnFlow(Session session, Flow flow);

    /// <summary>By reflection, as above; a window that has to be opened again is rarer still.</summary>
    [DynamicDependency("sequenceNumber", "Amqp.SequenceNumber", "Amqp.Net")]
    public static uint NextOutgoingId(Session session) => unchecked((uint)(int)Number.GetValue(NextOutgoing.GetValue(session))!);

    /// <summary>
    /// The only way to give a link its endpoint without ContainerHost, which refuses a link name that another
    /// connection of the same container uses and decodes every message whole.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern AttachContext NewAttach(ListenerLink link, Attach attach);
}
