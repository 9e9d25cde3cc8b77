using Amqp;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

public sealed class AccessTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Theory]
    [InlineData(TestBroker.KeyName, "wrong")]
    [InlineData("somebody", TestBroker.Key)]
    [InlineData(TestBroker.KeyName, "")]
    public async Task A_wrong_password_does_not_get_in(string user, string password)
    {
        await Assert.ThrowsAsync<AmqpException>(() => _broker.ConnectAsync(user, password));
    }

    [Fact]
    public async Task An_unknown_queue_is_not_found()
    {
        var session = await _broker.ConnectAsync();

        Assert.Equal(ErrorCode.NotFound, await RefusalAsync(session.Sender("nowhere")));
        Assert.Equal(ErrorCode.NotFound, await RefusalAsync(session.Receiver("orders/$nothing")));
        Assert.Equal(ErrorCode.NotFound, await RefusalAsync(session.Receiver("nowhere/$management")));
    }

    [Fact]
    public async Task Nobody_sends_to_the_dead_letters()
    {
        var session = await _broker.ConnectAsync();

        Assert.Equal(ErrorCode.NotAllowed, await RefusalAsync(session.Sender("orders/$deadletterqueue")));
    }

    [Theory]
    [InlineData("ANONYMOUS")]
    [InlineData("MSSBCBS")]
    public async Task Without_a_token_nothing_opens(string mechanism)
    {
        var session = await _broker.ConnectAnonymouslyAsync(mechanism);

        Assert.Equal(ErrorCode.UnauthorizedAccess, await RefusalAsync(session.Sender("orders")));
        Assert.Equal(ErrorCode.UnauthorizedAccess, await RefusalAsync(session.Receiver("orders/$management")));
        Assert.Equal(ErrorCode.UnauthorizedAccess, await RefusalAsync(session.Receiver("nowhere")));
    }

    [Theory]
    [InlineData("sb://127.0.0.1/orders", "sb://127.0.0.1/orders")]
    [InlineData("sb://127.0.0.1/", "amqps://127.0.0.1:5671/ORDERS")]
    [InlineData("http://127.0.0.1/orders", "sb://127.0.0.1/orders/$management")]
    public async Task A_token_opens_what_it_was_put_for(string resource, string audience)
    {
        var session = await _broker.ConnectAnonymouslyAsync();

        var (status, _) = await new RequestClient(session, "$cbs").PutTokenAsync(audience, SasToken.Create(resource, _broker.Clock.GetUtcNow() + Hour));

        Assert.Equal(202, status);
        if (!audience.EndsWith("$management", StringComparison.Ordinal))
        {
            await session.Sender("orders").SendTextAsync("a");
        }

        await new RequestClient(session, "orders/$management").ManageAsync("renew-lock", new() { ["lock-tokens"] = new[] { Guid.NewGuid() } });
        Assert.Equal(ErrorCode.UnauthorizedAccess, await RefusalAsync(session.Sender("other")));
    }

    [Fact]
    public async Task The_answer_finds_a_client_that_gave_only_its_links_name()
    {
        var session = await _broker.ConnectAnonymouslyAsync();

        var (status, _) = await new RequestClient(session, "$cbs", answerByName: true)
            .PutTokenAsync("sb://127.0.0.1/orders", SasToken.Create("sb://127.0.0.1/orders", _broker.Clock.GetUtcNow() + Hour));

        Assert.Equal(202, status);
    }

    [Fact]
    public async Task A_token_that_ends_opens_nothing_afterwards()
    {
        var session = await _broker.ConnectAnonymouslyAsync();
        await new RequestClient(session, "$cbs").PutTokenAsync(
            "sb://127.0.0.1/orders", SasToken.Create("sb://127.0.0.1/orders", _broker.Clock.GetUtcNow() + Hour));

        _broker.Clock.Advance(Hour);

        Assert.Equal(ErrorCode.UnauthorizedAccess, await RefusalAsync(session.Sender("orders")));
    }

    [Fact]
    public async Task A_bad_token_is_refused_with_a_reason()
    {
        var later = _broker.Clock.GetUtcNow() + Hour;
        var cbs = new RequestClient(await _broker.ConnectAnonymouslyAsync(), "$cbs");

        await RefusedAsync("InvalidSignature", SasToken.Create("sb://h/orders", later, key: "wrong"));
        await RefusedAsync("InvalidSignature", SasToken.Create("sb://h/orders", later, keyName: "other"));
        await RefusedAsync("ExpiredToken", SasToken.Create("sb://h/orders", later - (2 * Hour)));
        await RefusedAsync("InvalidAudience", SasToken.Create("sb://h/other", later));
        await RefusedAsync("InvalidAudience", SasToken.Create("sb://h/order", later));
        await RefusedAsync("InvalidAudience", SasToken.Create("sb://elsewhere/orders", later));
        await RefusedAsync("MalformedToken", "SharedAccessSignature sr=x");
        Assert.Equal(401, (await cbs.PutTokenAsync("sb://h/orders", "ey…", type: "jwt")).Status);

        async Task RefusedAsync(string why, string token)
        {
            var (status, description) = await cbs.PutTokenAsync("sb://h/orders", token);
            Assert.Equal(401, status);
            Assert.StartsWith(why, description, StringComparison.Ordinal);
        }
    }

    /// <summary>A refused attach is an attach and a detach; the second carries the reason.</summary>
    private static async Task<string?> RefusalAsync(Link link)
    {
        var closed = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        link.AddClosedCallback((_, error) => closed.TrySetResult(error?.Condition));
        return await closed.Task.WaitAsync(TestBroker.Soon, TestContext.Current.CancellationToken);
    }
}
