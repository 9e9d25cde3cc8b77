using Ungroup.FunctionsHost.Worker;

namespace Ungroup.EndToEnd.Tests.FunctionsHost;

public sealed class WorkerEnvironmentTests
{
    [Fact]
    public void A_worker_gets_the_settings_of_the_app_and_none_of_the_shell()
    {
        const string Variable = "Accounts__default__AccessKeyId";
        Environment.SetEnvironmentVariable(Variable, "a-key-that-is-not-simulated");
        try
        {
            var environment = new Dictionary<string, string?> { [Variable] = "a-key-that-is-not-simulated" };
            WorkerEnvironment.Fill(environment, "/app", new Dictionary<string, string> { ["Ecs:Endpoint"] = "http://127.0.0.1" });

            Assert.DoesNotContain(Variable, environment.Keys);
            Assert.Equal(Environment.GetEnvironmentVariable("PATH"), environment["PATH"]);
            Assert.Equal(("http://127.0.0.1", "/app"), (environment["Ecs__Endpoint"], environment["FUNCTIONS_APPLICATION_DIRECTORY"]));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }
}
