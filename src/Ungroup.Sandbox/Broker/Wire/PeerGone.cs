using Amqp;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>
/// Says something to a peer who may have hung up meanwhile. All that was done for it is committed either way; when it comes
/// back it finds out by redelivery, so there is nothing to do and nobody to tell.
/// </summary>
internal static class PeerGone
{
    public static void Ignore(Action say)
    {
        try
        {
            say();
        }
        catch (Exception gone) when (gone is AmqpException or ObjectDisposedException)
        {
        }
    }
}
