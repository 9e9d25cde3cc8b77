using System.Globalization;
using Azure.Messaging.ServiceBus;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>
/// The sandbox's broker in a process of its own, with its promises in a journal: killed apart from everything else, and
/// started again where it was, for those who know its address.
/// </summary>
internal sealed class BrokerProcess(DirectoryInfo folder) : IAsyncDisposable
{
    private static int _started;

    // Below the ports that a system gives to clients: while the broker is away, one of those could be the worker's own,
    // dialling. And another one for each, so that nobody moves into the place of one that is away.
    private readonly int _port = 20_000 + (((Environment.ProcessId * 10) + Interlocked.Increment(ref _started)) % 10_000);

    private CliProcess? _process;
    private string? _connectionString;

    public string ConnectionString => _connectionString ?? throw new InvalidOperationException("Not started.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The first one looks for a free port; from then on it has to be this one.
        var port = _connectionString is null ? _port : ServiceBusConnectionStringProperties.Parse(_connectionString).Endpoint.Port;
        _process = CliProcess.Start(
        [
            "sandbox", "--no-worker", "--no-ecs", "--data", folder.FullName, "--lock-seconds", "5",
            "--port", port.ToString(CultureInfo.InvariantCulture),
        ]);
        var connectionString = await _process.LineAsync("bus ", cancellationToken);
        Assert.Equal(_connectionString ?? connectionString, connectionString);
        _connectionString = connectionString;
    }

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        await _process!.KillAsync(cancellationToken);
        await _process.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
