using Ungroup.Messages;

namespace Ungroup.Cli.Worker;

internal sealed record DeliveryWatch(Action<Delivery> Began, Action<Delivery, Settlement> Settled)
{
    public static DeliveryWatch None { get; } = new(_ => { }, (_, _) => { });
}
