"""The family `polynomial`: the polynomial denoiser of least denoising loss at a fixed degree, in closed form.

It depends on the training set through its moments up to twice the degree alone.
"""

from itertools import combinations_with_replacement

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from creativity.denoisers.principal import principal
from creativity.families.polynomial import Polynomial
from creativity.tensors import Images, Sigma


def build(config: Polynomial, images: Images) -> "PolynomialMmse":
    """The denoiser with the moments of these training images [n, c, h, w]."""
    return PolynomialMmse(config, images)


class PolynomialMmse(nn.Module):
    """Minimises E|D(x, sigma) - y|^2 over polynomials of x = y + sigma eps in the principal coordinates a_j = u_j^T (x - mu).

    basis coordinate: the estimate of a coordinate is a polynomial of that coordinate alone: r problems of one variable.
    basis total: it is a polynomial of all coordinates, up to a total degree: one problem of r variables.

    The basis functions are products h_a of Hermite polynomials h_k = He_k / sqrt(k!) of the standardised coordinates
        z_j = a_j / sqrt(lambda_j + sigma^2) = alpha_j v_j + beta_j eps_j, where v_j has unit variance and alpha_j^2 + beta_j^2 = 1.
    By their addition theorem
        h_a(alpha v + beta eps) = sum_{b <= a} sqrt(C(a, b)) alpha^(a - b) beta^b h_{a-b}(v) h_b(eps).
    The h_b(eps) are orthonormal, so the mean over the noise leaves a sum over b of moments of v, which no noise level enters:
        E[h_a(z) h_c(z)] = sum_{b <= a, c} sqrt(C(a, b) C(c, b)) alpha^(a + c - 2 b) beta^(2 b) E[h_{a-b}(v) h_{c-b}(v)],
        E[y_j h_a(z)] = sqrt(lambda_j) alpha^a E[v_j h_a(v)].
    With even degrees on a skewed training set, and with high degrees, some samples diverge to infinity; nothing is clipped.
    """

    mean: Tensor
    directions: Tensor
    variances: Tensor  # [problems, variables]
    exponents: Tensor  # [terms, variables]
    gram: Tensor  # [problems, terms, terms]: E[h_a(v) h_c(v)]
    cross: Tensor  # [problems, terms, variables]: E[v_j h_a(v)]

    def __init__(self, config: Polynomial, images: Images, weights: Float[Tensor, " b"] | None = None) -> None:
        super().__init__()
        target = principal(images, weights)
        variables = len(target.variances) if config.basis == "total" else 1
        weights = images.new_full((len(images),), 1 / len(images), dtype=torch.float64) if weights is None else weights
        self.receptive_field = None  # the whole image
        self.register_buffer("mean", target.mean)
        self.register_buffer("directions", target.directions)
        self.register_buffer("variances", target.variances.reshape(-1, variables))
        self.register_buffer("exponents", exponents(variables, config.degree))
        v = self.coordinates(images) / self.variances.sqrt()
        features = products(v, self.exponents)
        self.register_buffer("gram", torch.einsum("n,npa,npc->pac", weights, features, features))
        self.register_buffer("cross", torch.einsum("n,npa,npj->paj", weights, features, v))

    def coordinates(self, x: Images) -> Float[Tensor, "b problems variables"]:
        """The principal coordinates a of the images, arranged by problem."""
        return ((x.flatten(1).double() - self.mean) @ self.directions.T).unflatten(1, self.variances.shape)

    def coefficients(self, sigma: Float[Tensor, ""]) -> Float[Tensor, "problems terms variables"]:
        """The solution of the normal equations at one noise level; their matrix is scaled to a diagonal of ones before solving."""
        total = self.variances + sigma**2
        alpha, beta2 = power(self.variances / total, self.exponents).sqrt(), power(sigma**2 / total, self.exponents)
        factorials = (self.exponents + 1).double().lgamma().exp().prod(dim=1)
        matrix = torch.zeros_like(self.gram)
        for b, noise in zip(self.exponents, (beta2 / factorials).unbind(1), strict=True):
            above, rest = shifted(self.exponents, b)
            root = alpha[:, rest] * (factorials[above] / factorials[rest]).sqrt()
            moments = self.gram[:, rest[:, None], rest]
            matrix[:, above[:, None], above] += noise[:, None, None] * root[:, :, None] * root[:, None, :] * moments
        scale = matrix.diagonal(dim1=1, dim2=2).rsqrt()[:, :, None]
        right = alpha[:, :, None] * self.cross * self.variances.sqrt()[:, None, :]
        return scale * torch.linalg.solve(scale * matrix * scale.mT, scale * right)

    def forward(self, x: Images, sigma: Sigma) -> Images:
        levels, level_of = sigma.double().unique(return_inverse=True)
        coefficients = torch.stack([self.coefficients(level) for level in levels])[level_of]
        z = self.coordinates(x) / (self.variances + sigma.double()[:, None, None] ** 2).sqrt()
        modes = torch.einsum("bpa,bpaj->bpj", products(z, self.exponents), coefficients)
        return (self.mean + modes.flatten(1) @ self.directions).to(x.dtype).reshape(x.shape)


def exponents(variables: int, degree: int) -> Int[Tensor, "terms variables"]:
    """The exponents of all monomials in so many variables up to a total degree, one row each, ordered by `key`."""
    monomials = [m for total in range(degree + 1) for m in combinations_with_replacement(range(variables), total)]
    rows = torch.tensor([[m.count(j) for j in range(variables)] for m in monomials])
    return rows[key(rows, degree).argsort()]


def key(exponents: Int[Tensor, "terms variables"], degree: int) -> Int[Tensor, " terms"]:
    """Each row of exponents read as one number in base degree + 1, so that rows can be sorted and searched."""
    return (exponents * (degree + 1) ** torch.arange(exponents.shape[1], device=exponents.device)).sum(dim=1)


def shifted(exponents: Int[Tensor, "terms variables"], b: Int[Tensor, " variables"]) -> tuple[Tensor, Tensor]:
    """The indices of the rows a of exponents with a >= b in each variable, and the indices of the rows a - b."""
    degree = int(exponents.max())
    above = (exponents >= b).all(dim=1).nonzero().flatten()
    return above, torch.searchsorted(key(exponents, degree), key(exponents[above] - b, degree))


def power(base: Float[Tensor, "problems variables"], exponents: Int[Tensor, "terms variables"]) -> Float[Tensor, "problems terms"]:
    """prod_j base_j^(exponent_j)."""
    return (base[:, None, :] ** exponents).prod(dim=2)


def products(
    z: Float[Tensor, "b problems variables"], exponents: Int[Tensor, "terms variables"]
) -> Float[Tensor, "b problems terms"]:
    """h_a(z) = prod_j h_{a_j}(z_j) for each row a of exponents, where h_{k+1} = (z h_k - sqrt(k) h_{k-1}) / sqrt(k + 1)."""
    h = [torch.ones_like(z), z]
    for k in range(1, int(exponents.max())):
        h.append((z * h[k] - k**0.5 * h[k - 1]) / (k + 1) ** 0.5)
    table = torch.stack(h, dim=-1)  # [b, problems, variables, degree + 1]
    product = z.new_ones(*z.shape[:2], len(exponents))
    for j in range(z.shape[2]):
        product = product * table[:, :, j, exponents[:, j]]
    return product
