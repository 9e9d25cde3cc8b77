using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Workers;

/// <summary>Which delivery the running code works on: it flows with what is awaited, so that a call knows on whose behalf it is made.</summary>
internal sealed record CurrentWork(Receipt Receipt, CancellationToken Lost)
{
    private static readonly AsyncLocal<CurrentWork?> Flowing = new();

    public static CurrentWork? Of
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }
}
