using Ungroup.Guardrails;

namespace Ungroup.Tests.Guardrails;

public sealed class ValidateGuardrailsTests
{
    [Fact]
    public void Ids_are_right() => Assert.True(Validate(["sg-bp1web"], ["i-bp1web1", "eni-bp1app1"]).Succeeded);

    [Fact]
    public void No_ids_are_right_too() => Assert.True(Validate([], []).Succeeded);

    [Theory]
    [InlineData(" sg-bp1db")]
    [InlineData("sg-bp1db,sg-bp1web")]
    [InlineData("i-bp1web1")]
    [InlineData("")]
    public void An_id_with_a_slip_in_it_stops_the_start_where_it_would_protect_nothing(string group)
    {
        var sentence = Assert.Single(Validate(["sg-bp1web", group], []).Failures!);

        Assert.StartsWith($"Guardrails:ProtectedGroups:1 is \"{group}\" and protects nothing", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_is_no_resource() => Assert.StartsWith(
        "Guardrails:ProtectedResources:0 is \"sg-bp1web\"", Assert.Single(Validate([], ["sg-bp1web"]).Failures!), StringComparison.Ordinal);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(string[] groups, string[] resources)
    {
        var options = new GuardrailOptions();
        Array.ForEach(groups, options.ProtectedGroups.Add);
        Array.ForEach(resources, options.ProtectedResources.Add);
        return new ValidateGuardrails().Validate(null, options);
    }
}
