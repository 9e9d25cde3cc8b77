using Amqp.Types;

namespace Ungroup.Cli.Amqp;

/// <summary>Asks the broker for more time.</summary>
internal sealed class LockRenewal(BusConnection bus, string queue, TimeProvider clock)
{
    private const int Gone = 410;

    private readonly ManagementLink _management = new(bus, queue, clock);

    /// <summary>The new end of the lock; null when the broker says that it is lost.</summary>
    public async Task<DateTimeOffset?> RenewAsync(Guid lockToken, CancellationToken cancellationToken)
    {
        // An AMQP array of uuid; the token as a string is refused by the real service.
        var answer = await _management.AskAsync(
            "com.microsoft:renew-lock", new Map { ["lock-tokens"] = new[] { lockToken } }, cancellationToken);
        var status = ManagementLink.StatusOf(answer);
        return status == Gone ? null
            : status == 200 && answer.Body is Map map && map["expirations"] is DateTime[] and [var until, ..]
                ? new DateTimeOffset(DateTime.SpecifyKind(until, DateTimeKind.Utc))
                : throw ManagementLink.Unexpected("the lock was not renewed", answer);
    }
}
