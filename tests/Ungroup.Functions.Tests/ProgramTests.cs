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

    [Theory]
    [InlineData("Guardrails__ProtectedGroup__0", "sg-web", "Guardrails:ProtectedGroup (environment variable Guardrails__ProtectedGroup) is no setting; did you mean Guardrails:ProtectedGroups?")]
    [InlineData("Pace__Resreve", "0.5", "did you mean Pace:Reserve?")]
    [InlineData("Pace__Quotas__LeaveSecurtyGroup", "100", "did you mean Pace:Quotas:LeaveSecurityGroup?")]
    [InlineData("Worker__Concurency", "3", "Worker:Concurency (environment variable Worker__Concurency) is a setting of the self-hosted worker")]
    [InlineData("Outcome__Topic", "told", "did you mean Outcomes:Topic?")]
    [InlineData("UNGROUP__Guardrails__ProtectedGroups", "sg-web", "take UNGROUP__ off its name")]
    [InlineData("Guardrails__ProtectedGroups", "sg-web;sg-base", "protects nothing")]
    [InlineData("ServiceBus", "Endpoint=sb://127.0.0.1;SharedAccessKeyName=name;SharedAccessKey=key\n", "ServiceBus (environment variable ServiceBus) ends with a line end")]
    public async Task Fault_55_A_setting_with_a_slip_ends_the_app_with_its_sentence(string name, string value, string sentence)
    {
        var (exit, said) = await RunAsync(
            ("ServiceBus", "Endpoint=sb://127.0.0.1;SharedAccessKeyName=name;SharedAccessKey=key"),
            ("Ledger__Kind", "Memory"),
            ("Accounts__default__Credentials", "Static"), ("Accounts__default__AccessKeyId", "key"), ("Accounts__default__AccessKeySecret", "secret"),
            (name, value));

        Assert.Equal(2, exit);
        Assert.Contains(sentence, Assert.Single(said), StringComparison.Ordinal);
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
