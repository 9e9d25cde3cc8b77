using Ungroup.Messages;

namespace Ungroup.Cli.Worker;

/// <summary>Told of each delivery as work on it begins, and once it is settled.</summary>
internal sealed record DeliveryWatch(Action<Delivery> Began, Action<Delivery, Settlement> Settled)
{
    public static DeliveryWatch None { get; } = new(_ => { }, (_, _) => { });
}
