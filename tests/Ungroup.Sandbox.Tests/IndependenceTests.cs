using Ungroup.Sandbox.Broker;

namespace Ungroup.Sandbox.Tests;

public sealed class IndependenceTests
{
    [Fact]
    public void The_sandbox_shares_no_code_with_the_product_and_so_none_of_its_mistakes() =>
        Assert.DoesNotContain(typeof(ServiceBusBroker).Assembly.GetReferencedAssemblies(), assembly => assembly.Name is "Ungroup");
}
