using System.Diagnostics;

namespace Ungroup.Functions.Tests;

public sealed class ProgramTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Ungroup.Functions.dll");

    [Fact]
    public async Task An_app_that_is_set_up_wrongly_ends_with_a_sentence_for_each_setting_and_without_a_stack()
    {
        var (exit, said) = await RunAsync(
            ("ServiceBus", "Endpoint=sb://127.0.0.1;SharedAccessKeyName=name;SharedAccessKey=key"),
            ("Ledger__Kind", "Memory"), ("Accounts__default__DefaultRegion", "Hangzhou"), ("Ecs__QuickTries", "0"));

        Assert.Equal(2, exit);
        Assert.Contains(said, line => line.Contains("Accounts:default:DefaultRegion", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains("QuickTries", StringComparison.Ordinal));
        Assert.DoesNotContain(said, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_app_without_a_bus_ends_before_it_receives_anything()
    {
        var (exit, said) = await RunAsync(
            ("Ledger__Kind", "Memory"),
            ("Accounts__default__Credentials", "Static"), ("Accounts__default__AccessKeyId", "key"), ("Accounts__default__AccessKeySecret", "secret"));

        Assert.Equal(2, exit);
        Assert.Contains("ServiceBus__fullyQualifiedNamespace", Assert.Single(said), StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string[] Said)> RunAsync(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var app = Process.Start(start)!;
        _ = app.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await app.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await app.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (app.ExitCode, said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
