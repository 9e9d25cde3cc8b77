using Microsoft.Extensions.Hosting;

namespace Ungroup.Cli.Worker;

/// <summary>Ends a worker where going on would do harm: as on a signal, but not with success.</summary>
internal sealed class WorkerEnd(IHostApplicationLifetime lifetime)
{
    public bool HasGivenUp { get; private set; }

    public void GiveUp()
    {
        HasGivenUp = true;
        lifetime.StopApplication();
    }
}
