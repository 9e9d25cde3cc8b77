using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>
/// The window of a session whose peer has announced the largest there is, 2³²−1, as the .NET SDK does. The library counts a
/// transfer after it has sent it, so that a flow which comes in between is one ahead, and 1 + (2³²−1) is 0: the session then
/// sends nothing more until the next flow, which a waiting peer has no reason to send. Such a window cannot close, so it is
/// opened again wherever it may have been found closed: after each flow and after each message.
/// </summary>
internal sealed class SessionWindow(Session session)
{
    private const uint Unlimited = uint.MaxValue;

    /// <summary>Half of what can be counted: whatever is sent meanwhile, it does not come out as nothing.</summary>
    private const uint Wide = int.MaxValue;

    private static readonly ConditionalWeakTable<Session, SessionWindow> Known = [];

    public static void Announced(Session session, Begin begin)
    {
        if (begin.IncomingWindow == Unlimited)
        {
            Known.AddOrUpdate(session, new(session));
        }
    }

    /// <summary>None for a peer that has announced a limit, which is then the library's to keep.</summary>
    public static SessionWindow? Of(Session session) => Known.TryGetValue(session, out var window) ? window : null;

    /// <summary>By a flow of ours, because the library sends what had to wait under the same lock under which it sets the window.</summary>
    public void KeepOpen()
    {
        while (Volatile.Read(ref LibraryInternals.OutgoingWindow(session)) == 0)
        {
            LibraryInternals.OnFlow(session, new Flow { NextIncomingId = LibraryInternals.NextOutgoingId(session), IncomingWindow = Wide });
        }
    }
}
